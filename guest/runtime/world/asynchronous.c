#include "world/asynchronous.h"

const struct asynchronous *asynchronous;
