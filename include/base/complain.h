#pragma once
#include "base/die.h"
