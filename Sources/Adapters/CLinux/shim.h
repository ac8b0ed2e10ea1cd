#ifndef FUDA_CLINUX_SHIM_H
#define FUDA_CLINUX_SHIM_H
#include <sys/prctl.h>
/* prctl(2) takes variable arguments, which Swift cannot call. */
static inline int fuda_forbid_dumps(void) { return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0); }
#endif
