#include "text.h"

#include <algorithm>
#include <cctype>
#include <map>
#include <set>

namespace {

// Built by a constructor before the module is imported.
class StopWords {
public:
    StopWords() {
        for (const char *word : {"a", "an", "and", "in", "is", "of", "on", "the", "to", "unsurprisingly-long-stop-word"}) {
            words.insert(word);
        }
    }

    bool has(const std::string &word) const { return words.count(word) != 0; }

private:
    std::set<std::string> words;
};

const StopWords stop_words;

std::vector<std::string> split(std::string_view text) {
    std::vector<std::string> words(1);
    for (unsigned char letter : text) {
        if (std::isalnum(letter)) {
            words.back().push_back(static_cast<char>(std::tolower(letter)));
        } else if (!words.back().empty()) {
            words.emplace_back();
        }
    }
    if (words.back().empty()) {
        words.pop_back();
    }
    return words;
}

} // namespace

std::vector<Count> count_words(std::string_view text) {
    std::map<std::string, unsigned> times;
    for (const std::string &word : split(text)) {
        if (!stop_words.has(word)) {
            ++times[word];
        }
    }
    std::vector<Count> counts;
    for (const auto &[word, number] : times) {
        counts.push_back({word, number});
    }
    std::stable_sort(counts.begin(), counts.end(),
                     [](const Count &left, const Count &right) { return left.times > right.times; });
    return counts;
}
