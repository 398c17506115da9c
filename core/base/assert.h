#pragma once

#include <cstdio>
#include <cstdlib>

/// Guards what only a bug can cause. Normal failures are a Result.
#ifdef WINNOW_ASSERTIONS
#define WINNOW_ASSERT(condition)                                                                                       \
    do {                                                                                                               \
        if (!(condition)) {                                                                                            \
            std::fprintf(stderr, "%s:%d: assertion failed: %s\n", __FILE__, __LINE__, #condition);                     \
            std::abort();                                                                                              \
        }                                                                                                              \
    } while (false)
#else
#define WINNOW_ASSERT(condition) static_cast<void>(0)
#endif
