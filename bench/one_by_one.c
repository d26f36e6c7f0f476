/* The daemon with batches of one, for bench_serve to hold the real one against: linked anew with
 * queue_take wrapped (ld --wrap). Never installed. */
#include "daemon/cli.h"
#include "daemon/queue.h"

struct job *__real_queue_take(struct queue *q, size_t n);
struct job *__wrap_queue_take(struct queue *q, size_t n);

struct job *
__wrap_queue_take(struct queue *q, size_t n)
{
	return __real_queue_take(q, n > 1 ? 1 : n);
}

int
main(int argc, char **argv)
{
	return cli_main(argc, argv);
}
