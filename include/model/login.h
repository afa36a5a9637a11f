#pragma once
#include "model/registry.h"
