#include "core/math/elementary.h"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

namespace winnow::math
{

namespace
{

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

// ln 2 in two parts: the high one has 20 trailing zero bits, so that its product with an exponent is exact.
constexpr double kLn2High = 0x1.62e42feep-1;
constexpr double kLn2Low = 0x1.a39ef35793c76p-33;

/// ln m for m near 1 by the series of the inverse hyperbolic tangent: with f = m − 1 and s = f / (2 + f),
/// ln m = f − s (f − R), R = 2 s²/3 + 2 s⁴/5 + …
double logNear1(double f)
{
    const double s = f / (2 + f);
    const double z = s * s;
    double r = 0;
    for (int i = 25; i >= 3; i -= 2)
        r = z * (2.0 / i + r);
    return f - s * (f - r);
}

}

double log(double x)
{
    if (std::isnan(x) || x < 0)
        return kNan;
    if (x == 0)
        return -kInfinity;
    if (x == kInfinity)
        return x;
    int exponent = 0;
    if (x < std::numeric_limits<double>::min()) {
        x *= 0x1p54;
        exponent = -54;
    }
    const auto bits = std::bit_cast<std::uint64_t>(x);
    exponent += int(bits >> 52) - 1023;
    double m = std::bit_cast<double>((bits & 0xfffffffffffffull) | 0x3ff0000000000000ull);
    if (m > 1.4142135623730951) {
        m *= 0.5;
        ++exponent;
    }
    const double near = logNear1(m - 1);
    return exponent * kLn2High + (near + exponent * kLn2Low);
}

double log1p(double x)
{
    if (std::isnan(x) || x < -1)
        return kNan;
    if (x > -0.25 && x < 0.25)
        return logNear1(x);
    return log(1 + x);
}

double exp(double x)
{
    if (std::isnan(x))
        return x;
    if (x > 709.782712893384)
        return kInfinity;
    if (x < -745.1332191019412)
        return 0;
    const double turns = x * 1.4426950408889634;
    const int k = int(turns + (turns < 0 ? -0.5 : 0.5));
    const double high = x - k * kLn2High, low = k * kLn2Low;
    const double r = high - low;
    // e^r − 1 − r by Taylor, |r| ≤ 0.35; the rounding of r itself is carried along
    double p = 0;
    for (int i = 14; i >= 3; --i)
        p = (1 + p) * r / i;
    const double tail = r * r * 0.5 * (1 + p) + ((high - r) - low);
    const double value = 1 + (r + tail);
    return std::ldexp(value, k);
}

double power(double x, double y)
{
    if (y == 0 || x == 1)
        return 1;
    if (x == 0)
        return y > 0 ? 0 : kInfinity;
    return exp(y * log(x));
}

double logistic(double x)
{
    if (x >= 0)
        return 1 / (1 + exp(-x));
    const double e = exp(x);
    return e / (1 + e);
}

double logGamma(double x)
{
    if (std::isnan(x) || x <= 0)
        return x == 0 ? kInfinity : kNan;
    if (x == 1 || x == 2)
        return 0;
    // Stirling's series wants a large argument: step up by Γ(x + 1) = x Γ(x)
    double product = 1;
    while (x < 12) {
        product *= x;
        x += 1;
    }
    const double inverse = 1 / x, z = inverse * inverse;
    const double series = inverse
        * (1.0 / 12 - z * (1.0 / 360 - z * (1.0 / 1260 - z * (1.0 / 1680 - z * (1.0 / 1188 - z * (691.0 / 360360))))));
    return (x - 0.5) * log(x) - x + 0.91893853320467274178 + series - log(product);
}

double round6(double x)
{
    const double rounded = std::round(x * 1e6) / 1e6;
    return rounded == 0 ? 0 : rounded; // no negative zero
}

}
