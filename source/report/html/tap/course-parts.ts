import type {TrafficCourse, TrafficSlot} from '../../../engine/protocol.js';
import {mergeSlots} from '../../../tap/timeline/traffic-slot.js';

/** Merged slots, with their beginning, end and middle in milliseconds. */
export type CoursePart = TrafficSlot & {readonly fromMs: number; readonly toMs: number; readonly midMs: number};

/** Divides a course into at most `most` parts of about equal length. */
export function partsOf({startedAt, slots}: TrafficCourse, most: number): readonly CoursePart[] {
	const size = Math.max(1, Math.ceil(slots.length / most));
	const parts: CoursePart[] = [];
	for (let from = 0; from < slots.length; from += size) {
		const slot = slots.slice(from, from + size).reduce(mergeSlots);
		const toMs = slot.at - startedAt;
		const fromMs = Math.max(0, toMs - slot.seconds * 1000);
		parts.push({...slot, fromMs, toMs, midMs: (fromMs + toMs) / 2});
	}
	return parts;
}
