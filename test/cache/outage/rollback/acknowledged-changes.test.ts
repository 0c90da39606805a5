import {expect, it} from 'vitest';
import {AcknowledgedChanges} from '../../../../source/cache/outage/rollback/acknowledged-changes.js';

const isOfNode = (node: string) => (name: string) => name.startsWith(node);
const all = () => true;

const changes = (limit = 100): AcknowledgedChanges => {
	const acknowledged = new AcknowledgedChanges(limit);
	acknowledged.addKey('a:1');
	acknowledged.addMarker('b:!1');
	acknowledged.endPeriod(1000);
	acknowledged.addKey('a:2');
	acknowledged.addKey('b:2');
	acknowledged.endPeriod(2000);
	return acknowledged;
};

it('takes the changes of a node since its beat, and keeps those of the others', () => {
	const acknowledged = changes();
	acknowledged.addKey('a:3');
	const lost = acknowledged.takeSince(1000, 3000, isOfNode('a'));
	expect([...lost.keys]).toEqual(['a:2', 'a:3']);
	expect(lost.markers.size).toBe(0);
	expect(lost.areMoreLost).toBe(false);
	const others = acknowledged.takeSince(0, 4000, isOfNode('b'));
	expect([...others.keys]).toEqual(['b:2']);
	expect([...others.markers]).toEqual(['b:!1']);
	expect([...acknowledged.takeSince(0, 4000, isOfNode('a')).keys]).toEqual(['a:1']);
	expect(acknowledged.takeSince(0, 5000, all)).toEqual({keys: new Set(), markers: new Set(), areMoreLost: false});
});

it('keeps what a server has not lost, for the next one may have lost more', () => {
	const acknowledged = changes();
	expect(acknowledged.takeSince(2000, 3000, all).keys.size).toBe(0);
	expect([...acknowledged.takeSince(1000, 4000, all).keys].sort()).toEqual(['a:2', 'b:2']);
	// An empty server has nothing old, but a replica that was cut off from it may.
	expect(acknowledged.takeSince(Number.POSITIVE_INFINITY, 5000, all).keys.size).toBe(0);
	const lost = acknowledged.takeSince(0, 6000, all);
	expect([...lost.keys]).toEqual(['a:1']);
	expect([...lost.markers]).toEqual(['b:!1']);
});

it('tells that more may be lost while anything is remembered that was changed after what is not', () => {
	const acknowledged = changes(1);
	acknowledged.addKey('a:3');
	expect(acknowledged.takeSince(0, 3000, isOfNode('a')).areMoreLost).toBe(true);
	expect(acknowledged.takeSince(0, 4000, isOfNode('b')).areMoreLost).toBe(true);
	expect(acknowledged.takeSince(0, 5000, all).areMoreLost).toBe(false);
});

it('remembers every change of a process that makes one in each of a thousand periods', () => {
	const acknowledged = new AcknowledgedChanges(10_000);
	for (let second = 0; second < 1000; second++) {
		acknowledged.addKey(`k${second}`);
		acknowledged.addKey('again');
		acknowledged.endPeriod(second + 1);
	}
	const latest = acknowledged.takeSince(990, 1000, all);
	expect([...latest.keys].sort()).toEqual(
		[...Array.from({length: 10}, (_, index) => `k${990 + index}`), 'again'].sort(),
	);
	const {keys, areMoreLost} = acknowledged.takeSince(0, 1001, all);
	expect(keys.size).toBe(991);
	expect(areMoreLost).toBe(false);
});
