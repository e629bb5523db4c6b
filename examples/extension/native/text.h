// Words and how often they occur.
#pragma once

#include <string>
#include <string_view>
#include <vector>

struct Count {
    std::string word;
    unsigned times;
};

// The words of a text, in small letters, without those that say little, most frequent first.
std::vector<Count> count_words(std::string_view text);
