#ifndef FUDA_COPENSSL_SHIM_H
#define FUDA_COPENSSL_SHIM_H
#include <openssl/evp.h>
#include <openssl/rsa.h>
#include <openssl/rand.h>
#include <openssl/err.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/hmac.h>
#include <openssl/kdf.h>
#include <openssl/x509.h>
#include <openssl/crypto.h>
#include <openssl/param_build.h>
#include <openssl/core_dispatch.h>
#include <openssl/pem.h>
#include <openssl/pkcs12.h>
#include <openssl/objects.h>
#include <openssl/ecdsa.h>

/* The builder keeps the names' addresses until it is done, so they have to be constants, which only C can give it. */
static inline int fuda_push_rsa_public(OSSL_PARAM_BLD *builder, const BIGNUM *modulus, const BIGNUM *exponent) {
    return OSSL_PARAM_BLD_push_BN(builder, "n", modulus) == 1 && OSSL_PARAM_BLD_push_BN(builder, "e", exponent) == 1;
}
#endif
