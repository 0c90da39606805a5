import type {Size} from './layout.js';

/** Where a panel goes, in cells, inside the body of the screen. */
export type Place = {
	readonly panel: string;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
};

/**
 * `frame`: panels in boxes. `rule`: one line with the title on top, for screens without rows to spare.
 * `vitals`: no panels, one line for each figure.
 */
export type OverviewLayout = {readonly style: 'frame' | 'rule' | 'vitals'; readonly places: readonly Place[]};

/** A row of panels: its height, fixed or as a share of what fixed rows leave, and each panel's share of the width. */
type PlanRow = {
	readonly height: {readonly rows: number} | {readonly share: number};
	readonly panels: readonly (readonly [panel: string, share: number])[];
};

const rows = (count: number) => ({rows: count});
const share = (count: number) => ({share: count});

/** 80×24 */
const small: readonly PlanRow[] = [
	{
		height: share(7),
		panels: [
			['hit-ratio', 1],
			['latency', 1],
		],
	},
	{height: rows(5), panels: [['modes', 1]]},
	{
		height: rows(6),
		panels: [
			['pool', 1],
			['wrong-reads', 1],
		],
	},
	{height: share(3), panels: [['events', 1]]},
];

/** 120×40 */
const medium: readonly PlanRow[] = [
	{
		height: share(12),
		panels: [
			['hit-ratio', 1],
			['latency', 1],
		],
	},
	{height: rows(7), panels: [['modes', 1]]},
	{
		height: share(8),
		panels: [
			['pool', 1],
			['events', 1],
		],
	},
	{
		height: share(10),
		panels: [
			['wrong-reads', 3],
			['tiers', 4],
			['ttl', 5],
		],
	},
];

/** 200×60 */
const large: readonly PlanRow[] = [
	{
		height: share(16),
		panels: [
			['hit-ratio', 1],
			['latency', 1],
		],
	},
	{
		height: share(11),
		panels: [
			['traffic', 1],
			['journal', 1],
		],
	},
	{height: rows(7), panels: [['modes', 1]]},
	{
		height: rows(10),
		panels: [
			['pool', 8],
			['ttl', 6],
			['tiers', 6],
		],
	},
	{
		height: share(12),
		panels: [
			['wrong-reads', 5],
			['server', 6],
			['events', 9],
		],
	},
];

/** Parts of `whole` in proportion to `shares`; they add up to it exactly. */
function divide(whole: number, shares: readonly number[]): number[] {
	const sum = shares.reduce((total, part) => total + part, 0);
	let used = 0;
	let taken = 0;
	return shares.map((part) => {
		used += part;
		const end = Math.round((used / sum) * whole);
		const size = end - taken;
		taken = end;
		return size;
	});
}

function place(plan: readonly PlanRow[], size: Size, gap: number): Place[] {
	const fixed = plan.reduce((sum, {height}) => sum + ('rows' in height ? height.rows : 0), 0);
	const stretched = divide(
		Math.max(0, size.rows - fixed),
		plan.flatMap(({height}) => ('share' in height ? [height.share] : [])),
	);
	let y = 0;
	return plan.flatMap(({height: wanted, panels}) => {
		const height = 'rows' in wanted ? wanted.rows : (stretched.shift() ?? 0);
		const widths = divide(
			size.columns - gap * (panels.length - 1),
			panels.map(([, part]) => part),
		);
		let x = 0;
		const places = panels.map(([panel], index): Place => {
			const width = widths[index] ?? 0;
			const here = {panel, x, y, width, height};
			x += width + gap;
			return here;
		});
		y += height;
		return places;
	});
}

/** The layout for a body of this size. Four are designed: 60×16, 80×24, 120×40 and 200×60; others stretch the next smaller one. */
export function overviewLayout(body: Size): OverviewLayout {
	if (body.columns < 78 || body.rows < 20) return {style: 'vitals', places: []};
	if (body.columns < 110 || body.rows < 34) return {style: 'rule', places: place(small, body, 2)};
	if (body.columns < 170 || body.rows < 48) return {style: 'frame', places: place(medium, body, 0)};
	return {style: 'frame', places: place(large, body, 0)};
}
