/* The part of CBLAS that numpy's core links, in plain loops: 20 KB for 27 MB.
 *
 * OpenBLAS is a third of the customer's file, and the agent multiplies no matrix that
 * is worth its kernels: its one product (`picture/motion.py`) is over whole numbers,
 * which numpy does itself. The core still has to find the names, and what it calls
 * them for has to be right: `tests/agent/bundle/test_smallblas.py` compares all of it
 * with OpenBLAS. Row-major order only, as numpy asks; indices are 64 bits wide.
 */

#include <complex.h>
#include <stdint.h>

typedef int64_t n_t;
typedef float complex c_t;
typedef double complex z_t;

enum { ROW_MAJOR = 101, PLAIN = 111, TRANSPOSED = 112, CONJUGATED = 113 };
enum { UPPER = 121 };

#define OWN(value) (value)
#define EXPORT(name) __attribute__((visibility("default"))) PREFIX(name)
#define PREFIX(name) scipy_cblas_##name##64_

/* A vector's first element: with a negative step BLAS begins at its end. */
#define START(n, step) ((step) < 0 ? (1 - (n)) * (step) : 0)

#define AXPY(name, type, alpha_type, alpha_value)                                      \
    void EXPORT(name)(n_t n, alpha_type alpha, const type *x, n_t dx, type *y, n_t dy) \
    {                                                                                  \
        x += START(n, dx), y += START(n, dy);                                          \
        for (n_t i = 0; i < n; i++)                                                    \
            y[i * dy] += alpha_value * x[i * dx];                                      \
    }

AXPY(saxpy, float, float, alpha)
AXPY(daxpy, double, double, alpha)
AXPY(caxpy, c_t, const void *, *(const c_t *)alpha)
AXPY(zaxpy, z_t, const void *, *(const z_t *)alpha)

#define DOT(name, type)                                                     \
    type EXPORT(name)(n_t n, const type *x, n_t dx, const type *y, n_t dy)  \
    {                                                                       \
        type sum = 0;                                                       \
        x += START(n, dx), y += START(n, dy);                               \
        for (n_t i = 0; i < n; i++)                                         \
            sum += x[i * dx] * y[i * dy];                                   \
        return sum;                                                         \
    }

DOT(sdot, float)
DOT(ddot, double)

#define DOT_INTO(name, type, of_x)                                                   \
    void EXPORT(name)(n_t n, const type *x, n_t dx, const type *y, n_t dy, type *to) \
    {                                                                                \
        type sum = 0;                                                                \
        x += START(n, dx), y += START(n, dy);                                        \
        for (n_t i = 0; i < n; i++)                                                  \
            sum += of_x(x[i * dx]) * y[i * dy];                                      \
        *to = sum;                                                                   \
    }

DOT_INTO(cdotu_sub, c_t, OWN)
DOT_INTO(cdotc_sub, c_t, conjf)
DOT_INTO(zdotu_sub, z_t, OWN)
DOT_INTO(zdotc_sub, z_t, conj)

/* An element of a matrix as it is used: plain, transposed, or conjugated as well. */
#define AT(m, width, how, row, column, conjugate)                        \
    ((how) == PLAIN        ? (m)[(row) * (width) + (column)]             \
     : (how) == CONJUGATED ? conjugate((m)[(column) * (width) + (row)])  \
                           : (m)[(column) * (width) + (row)])

#define GEMV(name, type, scalar, ALPHA, BETA, conjugate)                             \
    void EXPORT(name)(int order, int how, n_t rows, n_t columns, scalar alpha,       \
                      const type *a, n_t width, const type *x, n_t dx, scalar beta,  \
                      type *y, n_t dy)                                               \
    {                                                                                \
        if (order != ROW_MAJOR) { /* the same bytes, read the other way round */     \
            n_t swapped = rows;                                                      \
            rows = columns, columns = swapped;                                       \
            how = how == PLAIN ? TRANSPOSED : PLAIN;                                 \
        }                                                                            \
        n_t out = how == PLAIN ? rows : columns, in = how == PLAIN ? columns : rows; \
        x += START(in, dx), y += START(out, dy);                                     \
        for (n_t i = 0; i < out; i++) {                                              \
            type sum = 0;                                                            \
            for (n_t k = 0; k < in; k++)                                             \
                sum += AT(a, width, how, i, k, conjugate) * x[k * dx];               \
            y[i * dy] = ALPHA * sum + (BETA == 0 ? 0 : BETA * y[i * dy]);            \
        }                                                                            \
    }

#define GEMM(name, type, scalar, ALPHA, BETA, conjugate)                              \
    void EXPORT(name)(int order, int how_a, int how_b, n_t m, n_t n, n_t k,           \
                      scalar alpha, const type *a, n_t wide_a, const type *b,         \
                      n_t wide_b, scalar beta, type *c, n_t wide_c)                   \
    {                                                                                 \
        if (order != ROW_MAJOR) { /* C' = B' A' over the same bytes */                \
            EXPORTED(name)(ROW_MAJOR, how_b, how_a, n, m, k, alpha, b, wide_b, a,     \
                           wide_a, beta, c, wide_c);                                  \
            return;                                                                   \
        }                                                                             \
        for (n_t i = 0; i < m; i++)                                                   \
            for (n_t j = 0; j < n; j++) {                                             \
                type sum = 0;                                                         \
                for (n_t l = 0; l < k; l++)                                           \
                    sum += AT(a, wide_a, how_a, i, l, conjugate)                      \
                         * AT(b, wide_b, how_b, l, j, conjugate);                     \
                type *to = &c[i * wide_c + j];                                        \
                *to = ALPHA * sum + (BETA == 0 ? 0 : BETA * *to);                     \
            }                                                                         \
    }

/* C = alpha A A' + beta C, one triangle of it. */
#define SYRK(name, type, scalar, ALPHA, BETA)                                        \
    void EXPORT(name)(int order, int half, int how, n_t n, n_t k, scalar alpha,      \
                      const type *a, n_t wide_a, scalar beta, type *c, n_t wide_c)   \
    {                                                                                \
        int upper = (half == UPPER) == (order == ROW_MAJOR);                         \
        int plain = (how == PLAIN) == (order == ROW_MAJOR);                          \
        for (n_t i = 0; i < n; i++)                                                  \
            for (n_t j = upper ? i : 0; j < (upper ? n : i + 1); j++) {              \
                type sum = 0;                                                        \
                for (n_t l = 0; l < k; l++)                                          \
                    sum += plain ? a[i * wide_a + l] * a[j * wide_a + l]             \
                                 : a[l * wide_a + i] * a[l * wide_a + j];            \
                type *to = &c[i * wide_c + j];                                       \
                *to = ALPHA * sum + (BETA == 0 ? 0 : BETA * *to);                    \
            }                                                                        \
    }

#define EXPORTED(name) PREFIX(name)
#define C_VALUE(p) (*(const c_t *)(p))
#define Z_VALUE(p) (*(const z_t *)(p))

GEMV(sgemv, float, float, alpha, beta, OWN)
GEMV(dgemv, double, double, alpha, beta, OWN)
GEMV(cgemv, c_t, const void *, C_VALUE(alpha), C_VALUE(beta), conjf)
GEMV(zgemv, z_t, const void *, Z_VALUE(alpha), Z_VALUE(beta), conj)

GEMM(sgemm, float, float, alpha, beta, OWN)
GEMM(dgemm, double, double, alpha, beta, OWN)
GEMM(cgemm, c_t, const void *, C_VALUE(alpha), C_VALUE(beta), conjf)
GEMM(zgemm, z_t, const void *, Z_VALUE(alpha), Z_VALUE(beta), conj)

SYRK(ssyrk, float, float, alpha, beta)
SYRK(dsyrk, double, double, alpha, beta)
SYRK(csyrk, c_t, const void *, C_VALUE(alpha), C_VALUE(beta))
SYRK(zsyrk, z_t, const void *, Z_VALUE(alpha), Z_VALUE(beta))
