// A C program with floating point, which needs compiler-rt for long double.
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

int main(void) {
  volatile long double third = 1.0L / 3;
  char *text = malloc(32);
  snprintf(text, 32, "%.15f", (double)third);
  struct timespec now;
  clock_gettime(CLOCK_REALTIME, &now);
  printf("hello from C: %s %zu\n", text, strlen(text));
  free(text);
  return now.tv_sec == 0;
}
