#pragma once
#include "model/aws.h"
