#ifndef FUDA_CLINUX_SHIM_H
#define FUDA_CLINUX_SHIM_H
#include <stdint.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif
#include <wchar.h>
/* prctl(2) takes variable arguments, which Swift cannot call. */
static inline int fuda_forbid_dumps(void) {
#ifdef __linux__
    return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
#else
    return 0; /* macOS writes no core file unless the limit, which is set to zero besides, allows it. */
#endif
}
/* wcwidth(3) is declared only for programs that ask for the X/Open functions. */
extern int wcwidth(wchar_t);
static inline int fuda_columns(uint32_t scalar) { return wcwidth((wchar_t)scalar); }
#endif
