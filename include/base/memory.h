/* What libraries are given for malloc and its kin: running out of memory ends the program (exit 3),
 * as it does in the arena. A library that went on without would take it for the network's doing. */
#pragma once
#include <stddef.h>

void *memory_take(size_t size);
void *memory_take_zeroed(size_t count, size_t size);
void *memory_resize(void *at, size_t size);
char *memory_copy(const char *string);
