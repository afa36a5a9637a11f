#pragma once
#include "model/hosts.h"
