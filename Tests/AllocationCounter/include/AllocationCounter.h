#ifndef FUDA_ALLOCATION_COUNTER_H
#define FUDA_ALLOCATION_COUNTER_H
/* How often this thread has asked for memory since it began: malloc, calloc, realloc and the aligned forms. Linking this
   library puts counting forms of them before the C library's for the whole process. */
unsigned long fuda_allocations(void);
#endif
