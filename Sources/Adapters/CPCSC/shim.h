#ifndef FUDA_CPCSC_SHIM_H
#define FUDA_CPCSC_SHIM_H
#ifdef __APPLE__
#include <PCSC/winscard.h>
#include <PCSC/wintypes.h>
typedef uint32_t DWORD;
#define CM_IOCTL_GET_FEATURE_REQUEST (0x42000000 + 3400)
#else
#include <winscard.h>
#include <reader.h>
#endif
/* Macros that take an address or a cast, which Swift cannot import. */
static inline const SCARD_IO_REQUEST *fuda_pci_t0(void) { return SCARD_PCI_T0; }
static inline const SCARD_IO_REQUEST *fuda_pci_t1(void) { return SCARD_PCI_T1; }
static inline DWORD fuda_feature_request(void) { return CM_IOCTL_GET_FEATURE_REQUEST; }
#endif
