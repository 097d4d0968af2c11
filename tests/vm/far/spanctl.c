// spanctl: creates and destroys DAHDI's local dynamic spans, to play the far side of a cable that is pulled and plugged again.
// SPDX-License-Identifier: GPL-2.0-or-later
#include <dahdi/user.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>

enum { kCablesMax = 15 };  // dahdi_dynamic_loc knows one hexadecimal digit

static int destroy(int ctl, const char* addr) {
  struct dahdi_dynamic_span span = {.driver = "loc"};
  snprintf(span.addr, sizeof span.addr, "%s", addr);
  return ioctl(ctl, DAHDI_DYNAMIC_DESTROY, &span);
}

int main(int argc, char** argv) {
  int ctl = open("/dev/dahdi/ctl", O_RDWR);
  if (ctl < 0) {
    fprintf(stderr, "spanctl: /dev/dahdi/ctl: %s\n", strerror(errno));
    return 1;
  }
  if (argc == 4 && strcmp(argv[1], "create") == 0) {
    struct dahdi_dynamic_span span = {.driver = "loc", .numchans = atoi(argv[3])};
    snprintf(span.addr, sizeof span.addr, "%s", argv[2]);
    if (ioctl(ctl, DAHDI_DYNAMIC_CREATE, &span) == 0) {
      printf("span=%d\n", span.spanno);
      return 0;
    }
  } else if (argc == 3 && strcmp(argv[1], "destroy") == 0) {
    if (destroy(ctl, argv[2]) == 0) return 0;
  } else if (argc == 2 && strcmp(argv[1], "clear") == 0) {
    for (int cable = 1; cable <= kCablesMax; ++cable) {
      for (int side = 0; side < 2; ++side) {
        char addr[16];
        snprintf(addr, sizeof addr, "%x:%d", cable, side);
        destroy(ctl, addr);
      }
    }
    return 0;
  } else {
    fprintf(stderr, "spanctl: create CABLE:SIDE CHANNELS | destroy CABLE:SIDE | clear   (loc spans, CABLE in hex)\n");
    return 2;
  }
  fprintf(stderr, "spanctl: %s %s: %s\n", argv[1], argv[2], strerror(errno));
  return 1;
}
