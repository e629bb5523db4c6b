// A C++ program with what extensions use: strings, containers, streams, algorithms, mutexes, run-time types, static objects.
#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <memory>
#include <mutex>
#include <sstream>
#include <string>
#include <vector>

struct Shape {
  virtual ~Shape() = default;
  virtual double area() const = 0;
};

struct Square final : Shape {
  explicit Square(double side) : side(side) {}
  double area() const override { return side * side; }
  double side;
};

static const std::string greeting = std::string("hello from ") + "C++, long enough for the heap";
static std::mutex lock;

int main() {
  std::lock_guard<std::mutex> guard(lock);
  std::vector<std::string> words{"pear", "apple", "fig"};
  std::sort(words.begin(), words.end());
  std::map<std::string, int> lengths;
  for (const auto &word : words)
    lengths[word] = static_cast<int>(word.size());
  std::unique_ptr<Shape> shape = std::make_unique<Square>(1.5);
  std::ostringstream line;
  line << greeting << ':';
  for (const auto &[word, length] : lengths)
    line << ' ' << word << '=' << length;
  line << ' ' << (dynamic_cast<Square *>(shape.get()) != nullptr) << ' ' << shape->area();
  line << ' ' << std::filesystem::path("/a/../b/c.txt").lexically_normal().string();
  std::cout << line.str() << std::endl;
}
