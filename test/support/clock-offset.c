/*
 * Preloaded into redis-server (LD_PRELOAD), so that a test can set its clock while it runs: adds to the real time the
 * microseconds in the first eight bytes of the file that CLOCK_OFFSET_FILE names. The file is mapped, so a change of it is a
 * step of the clock. The monotonic clock stays as it is.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>

static const volatile int64_t *offset_us;

__attribute__((constructor)) static void map_offset(void) {
	const char *path = getenv("CLOCK_OFFSET_FILE");
	int fd = path ? open(path, O_RDONLY) : -1;
	if (fd < 0) return;
	void *mapped = mmap(NULL, sizeof *offset_us, PROT_READ, MAP_SHARED, fd, 0);
	if (mapped != MAP_FAILED) offset_us = mapped;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone) {
	int (*real)(struct timeval *, void *) = dlsym(RTLD_NEXT, "gettimeofday");
	int result = real(now, zone);
	if (result == 0 && offset_us) {
		int64_t us = now->tv_sec * INT64_C(1000000) + now->tv_usec + *offset_us;
		now->tv_sec = us / 1000000;
		now->tv_usec = us % 1000000;
	}
	return result;
}

int clock_gettime(clockid_t clock, struct timespec *now) {
	int (*real)(clockid_t, struct timespec *) = dlsym(RTLD_NEXT, "clock_gettime");
	int result = real(clock, now);
	if (result == 0 && offset_us && clock == CLOCK_REALTIME) {
		int64_t ns = now->tv_nsec + *offset_us % 1000000 * 1000;
		now->tv_sec += *offset_us / 1000000 + (ns < 0 ? -1 : ns / 1000000000);
		now->tv_nsec = ns < 0 ? ns + 1000000000 : ns % 1000000000;
	}
	return result;
}
