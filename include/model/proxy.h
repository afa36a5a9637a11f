#pragma once
#include "model/url.h"
