import {describe, expect, it} from 'vitest';
import {bucketOf, latencyBuckets, medianOf, middleOf} from '../../source/drills/recording/latency-buckets.js';
import {TimelineRecorder} from '../../source/drills/recording/timeline-recorder.js';

const nothing = {hits: 0, misses: 0, journal: 0};

describe('the time line of a drill', () => {
	it('has calls in the slot in which they were due, with their times', () => {
		const recorder = new TimelineRecorder(1000, nothing);
		for (const ms of [1, 1, 1, 300]) recorder.onCall('done', 1000, ms);
		recorder.onCall('failed', 1049, 2);
		recorder.onCall('hung', 1120, 652.25);
		// Due before the beginning, by rounding.
		recorder.onCall('done', 999.9, 1);
		const {slotMs, slots, dots} = recorder.timeline();
		expect(slotMs).toBe(50);
		expect(slots).toMatchObject([
			{calls: 6, failedCalls: 1, hungCalls: 0, maxMs: 300},
			{calls: 0, p50Ms: undefined, maxMs: undefined},
			{calls: 1, failedCalls: 0, hungCalls: 1, maxMs: 652},
		]);
		expect(slots[0]?.p50Ms).toBeCloseTo(1, 0);
		expect(dots.map(({slot, calls}) => [slot, calls])).toEqual([
			[0, 4],
			[0, 1],
			[0, 1],
			[2, 1],
		]);
	});

	it('needs no more room for a long drill: slots become twice as long, and nothing is lost', () => {
		const recorder = new TimelineRecorder(0, nothing);
		const total = 200_000;
		for (let index = 0; index < total; index++)
			recorder.onCall(index % 1000 === 0 ? 'failed' : 'done', index * 18, index % 500 === 0 ? 200 : 1 + (index % 7));
		const {slotMs, slots, dots} = recorder.timeline();
		// An hour.
		expect(slotMs).toBe(25_600);
		expect(slots.length).toBe(Math.ceil((total * 18) / slotMs));
		expect(slots.length).toBeLessThanOrEqual(256);
		const sum = (field: 'calls' | 'failedCalls') => slots.reduce((left, slot) => left + slot[field], 0);
		expect([sum('calls'), sum('failedCalls')]).toEqual([total, total / 1000]);
		expect(dots.reduce((left, {calls}) => left + calls, 0)).toBe(total);
		expect(dots.length).toBeLessThanOrEqual(256 * latencyBuckets);
		expect(Math.max(...slots.map(({maxMs = 0}) => maxMs))).toBe(200);
	});

	it('keeps the first wrong reads, and counts all', () => {
		const recorder = new TimelineRecorder(performance.now(), nothing);
		for (let index = 0; index < 60; index++) recorder.onWrongRead({at: 0, key: `k${index}`, got: 1, expected: 2});
		const {slots, wrongReads} = recorder.timeline();
		expect(wrongReads).toHaveLength(50);
		expect(wrongReads[0]).toMatchObject({key: 'k0', got: 1, expected: 2});
		expect(slots.reduce((sum, slot) => sum + slot.wrongReads, 0)).toBe(60);
	});

	it('has the reads of the cache since the last look, and the largest journal', () => {
		const recorder = new TimelineRecorder(performance.now(), {hits: 100, misses: 10, journal: 0});
		recorder.onFigures({hits: 110, misses: 12, journal: 9});
		recorder.onFigures({hits: 111, misses: 12, journal: 3});
		const {slots} = recorder.timeline();
		const sum = (field: 'hits' | 'misses') => slots.reduce((left, slot) => left + slot[field], 0);
		expect([sum('hits'), sum('misses'), Math.max(...slots.map(({journal}) => journal))]).toEqual([11, 2, 9]);
	});
});

describe('a bucket of times', () => {
	it('has a time near its middle, from 10 µs to 100 s', () => {
		for (const ms of [0.01, 0.12, 1, 7.5, 200, 99_000]) expect(middleOf(bucketOf(ms)) / ms).toBeCloseTo(1, 0);
		expect([bucketOf(0), bucketOf(-1), bucketOf(1e9)]).toEqual([0, 0, latencyBuckets - 1]);
		expect(medianOf(new Uint32Array(latencyBuckets))).toBeUndefined();
	});
});
