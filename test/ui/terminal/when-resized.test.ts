import {EventEmitter} from 'node:events';
import {afterEach, beforeEach, expect, test, vi} from 'vitest';
import {whenResized} from '../../../source/ui/terminal/when-resized.js';

beforeEach(() => {
	vi.useFakeTimers();
});

afterEach(() => {
	vi.useRealTimers();
});

test('a terminal that is dragged to another size is told of once, when it has come to rest', () => {
	const terminal = new EventEmitter();
	const onSettled = vi.fn();
	whenResized(terminal, onSettled);
	for (let step = 0; step < 10; step++) {
		terminal.emit('resize');
		vi.advanceTimersByTime(50);
	}
	expect(onSettled).not.toHaveBeenCalled();
	vi.advanceTimersByTime(200);
	expect(onSettled).toHaveBeenCalledTimes(1);
});

test('nothing is told any more, and no timer is left, once it is stopped', () => {
	const terminal = new EventEmitter();
	const onSettled = vi.fn();
	const stop = whenResized(terminal, onSettled);
	terminal.emit('resize');
	stop();
	terminal.emit('resize');
	expect(vi.getTimerCount()).toBe(0);
	expect(terminal.listenerCount('resize')).toBe(0);
});
