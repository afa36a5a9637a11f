#pragma once
#include "model/oci.h"
