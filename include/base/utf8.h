#pragma once
#include "base/encoding.h"
