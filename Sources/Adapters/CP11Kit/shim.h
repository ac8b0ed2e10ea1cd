#ifndef FUDA_CP11KIT_SHIM_H
#define FUDA_CP11KIT_SHIM_H
#include <stdlib.h>
#include <p11-kit/p11-kit.h>
#include <p11-kit/pkcs11.h>
#include <p11-kit/uri.h>

/* A module's functions are fields that hold pointers; here they get names that can be called. fuda_p11_is_complete says
   beforehand whether the module has all of them. */
static inline int fuda_p11_is_complete(const CK_FUNCTION_LIST *m) {
    return m->C_Initialize && m->C_Finalize && m->C_GetInfo && m->C_GetSlotList && m->C_GetTokenInfo
        && m->C_GetMechanismInfo && m->C_InitToken && m->C_InitPIN && m->C_OpenSession && m->C_CloseSession
        && m->C_GetSessionInfo && m->C_Login && m->C_Logout && m->C_GetAttributeValue && m->C_FindObjectsInit
        && m->C_FindObjects && m->C_FindObjectsFinal && m->C_SignInit && m->C_Sign && m->C_GenerateKeyPair;
}

/* With the locks of the operating system, so that several threads may call (PKCS #11 2.40, 5.4). */
static inline CK_RV fuda_p11_initialize(CK_FUNCTION_LIST *m) {
    CK_C_INITIALIZE_ARGS arguments = {0};
    arguments.flags = CKF_OS_LOCKING_OK;
    return m->C_Initialize(&arguments);
}
static inline CK_RV fuda_p11_finalize(CK_FUNCTION_LIST *m) { return m->C_Finalize(NULL); }
static inline CK_RV fuda_p11_info(CK_FUNCTION_LIST *m, CK_INFO *info) { return m->C_GetInfo(info); }
static inline CK_RV fuda_p11_slots(CK_FUNCTION_LIST *m, CK_SLOT_ID *slots, CK_ULONG *count) {
    return m->C_GetSlotList(CK_TRUE, slots, count);
}
static inline CK_RV fuda_p11_token_info(CK_FUNCTION_LIST *m, CK_SLOT_ID slot, CK_TOKEN_INFO *info) {
    return m->C_GetTokenInfo(slot, info);
}
static inline CK_RV fuda_p11_mechanism_info(CK_FUNCTION_LIST *m, CK_SLOT_ID slot, CK_MECHANISM_TYPE type, CK_MECHANISM_INFO *info) {
    return m->C_GetMechanismInfo(slot, type, info);
}
static inline CK_RV fuda_p11_init_token(CK_FUNCTION_LIST *m, CK_SLOT_ID slot, CK_UTF8CHAR *pin, CK_ULONG length, CK_UTF8CHAR *label) {
    return m->C_InitToken(slot, pin, length, label);
}
static inline CK_RV fuda_p11_init_pin(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, CK_UTF8CHAR *pin, CK_ULONG length) {
    return m->C_InitPIN(session, pin, length);
}
static inline CK_RV fuda_p11_open(CK_FUNCTION_LIST *m, CK_SLOT_ID slot, CK_FLAGS flags, CK_SESSION_HANDLE *session) {
    return m->C_OpenSession(slot, flags | CKF_SERIAL_SESSION, NULL, NULL, session);
}
static inline CK_RV fuda_p11_close(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session) { return m->C_CloseSession(session); }
static inline CK_RV fuda_p11_session_info(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, CK_SESSION_INFO *info) {
    return m->C_GetSessionInfo(session, info);
}
static inline CK_RV fuda_p11_login(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, CK_USER_TYPE user, CK_UTF8CHAR *pin, CK_ULONG length) {
    return m->C_Login(session, user, pin, length);
}
static inline CK_RV fuda_p11_logout(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session) { return m->C_Logout(session); }
static inline CK_RV fuda_p11_attributes(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE *list, CK_ULONG count) {
    return m->C_GetAttributeValue(session, object, list, count);
}
static inline CK_RV fuda_p11_find_begin(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, CK_ATTRIBUTE *list, CK_ULONG count) {
    return m->C_FindObjectsInit(session, list, count);
}
static inline CK_RV fuda_p11_find(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE *found, CK_ULONG most, CK_ULONG *count) {
    return m->C_FindObjects(session, found, most, count);
}
static inline CK_RV fuda_p11_find_end(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session) { return m->C_FindObjectsFinal(session); }
static inline CK_RV fuda_p11_sign_begin(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, CK_OBJECT_HANDLE key) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    return m->C_SignInit(session, &mechanism, key);
}
static inline CK_RV fuda_p11_sign(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, const CK_BYTE *data, CK_ULONG length, CK_BYTE *out, CK_ULONG *written) {
    return m->C_Sign(session, (CK_BYTE *)data, length, out, written);
}
static inline CK_RV fuda_p11_generate(CK_FUNCTION_LIST *m, CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, CK_ATTRIBUTE *publicHalf, CK_ULONG publicCount, CK_ATTRIBUTE *privateHalf, CK_ULONG privateCount, CK_OBJECT_HANDLE *publicKey, CK_OBJECT_HANDLE *privateKey) {
    CK_MECHANISM mechanism = {type, NULL, 0};
    return m->C_GenerateKeyPair(session, &mechanism, publicHalf, publicCount, privateHalf, privateCount, publicKey, privateKey);
}
#endif
