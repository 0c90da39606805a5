import type {EventEmitter} from 'node:events';

/** Milliseconds without another resize after which a size counts as settled. */
const settledMs = 200;

/**
 * Calls back once after each series of resizes, when the terminal keeps its size.
 *
 * @returns a function that stops it and clears its timer.
 */
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
