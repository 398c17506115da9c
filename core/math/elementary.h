#pragma once

namespace winnow::math
{

/// Elementary functions computed by our own arithmetic, so that the last bit is the same on every CPU: the C library
/// chooses its code by the CPU it finds. Only + − × ÷ and exact scaling are used, all of them fixed by IEEE 754.
/// They stay within 2 units in the last place (power: 1e-13 relative) of the true value.

/// Natural logarithm; −∞ at 0, NaN below.
[[nodiscard]] double log(double x);
/// log(1 + x), exact for small x.
[[nodiscard]] double log1p(double x);
/// e to the x; 0 and ∞ where it leaves the range.
[[nodiscard]] double exp(double x);
/// x to the y for x ≥ 0; power(0, 0) is 1.
[[nodiscard]] double power(double x, double y);
/// 1 / (1 + e^−x), without overflow.
[[nodiscard]] double logistic(double x);
/// ln Γ(x) for x > 0: ln n! is logGamma(n + 1). Within 1e-12 relative or absolute.
[[nodiscard]] double logGamma(double x);

/// Rounds to 1e-6, halves away from zero, as probabilities and scores are before they are compared, hashed or written.
[[nodiscard]] double round6(double x);

}
