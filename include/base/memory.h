#pragma once
#include "base/arena.h"
