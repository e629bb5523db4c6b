// A side module in C++, with a static constructor.
#include <numeric>
#include <string>
#include <vector>

static std::vector<std::string> names{"one", "two", "three"};

extern "C" __attribute__((visibility("default"))) int total_length() {
  return std::accumulate(names.begin(), names.end(), 0, [](int sum, const std::string &name) {
    return sum + static_cast<int>((name + std::to_string(sum)).size());
  });
}
