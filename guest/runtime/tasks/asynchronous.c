#include "tasks/asynchronous.h"

const struct asynchronous *asynchronous;
