import type {EventEmitter} from 'node:events';

/** Milliseconds without a further change of size. */
const settledMs = 200;

/** Calls back once a terminal has another size and has come to rest. Returns how to stop that. */
export function whenResized(terminal: EventEmitter, onSettled: () => void): () => void {
	let timer: NodeJS.Timeout | undefined;
	const onResize = () => {
		clearTimeout(timer);
		timer = setTimeout(onSettled, settledMs);
	};
	terminal.on('resize', onResize);
	return () => {
		clearTimeout(timer);
		terminal.off('resize', onResize);
	};
}
