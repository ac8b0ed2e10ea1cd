#ifndef FUDA_CPOSTGRES_SHIM_H
#define FUDA_CPOSTGRES_SHIM_H
#include <libpq-fe.h>
/* Counts notices and prints none: a warning at COMMIT says that a replica was not waited for. */
static inline void fuda_count_notice(void *counter, const PGresult *result) {
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    if (severity && severity[0] == 'W') ++*(int *)counter;
}
static inline void fuda_count_notices(PGconn *connection, int *counter) {
    PQsetNoticeReceiver(connection, fuda_count_notice, counter);
}
#endif
