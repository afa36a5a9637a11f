#pragma once
#include "model/json.h"
