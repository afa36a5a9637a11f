#pragma once
#include "model/task.h"
