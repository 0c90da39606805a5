/** Where a panel goes, in cells, inside the body of the screen. */
export type Place = {
	readonly panel: string;
	readonly x: number;
	readonly y: number;
	readonly width: number;
	readonly height: number;
};

export type Size = {readonly columns: number; readonly rows: number};

/** Below this nothing sensible fits. */
export const smallest: Size = {columns: 60, rows: 16};

/** The overview as a list of rows of panels: each row's height, each panel's share of the width. */
type Plan = readonly {readonly height: number; readonly panels: readonly (readonly [panel: string, share: number])[]}[];

/**
 * `frame`: panels in boxes. `rule`: one line with the title on top, for screens without rows to spare.
 * `vitals`: no panels, one line for each figure.
 */
export type OverviewLayout = {readonly style: 'frame' | 'rule' | 'vitals'; readonly places: readonly Place[]};

function place(plan: Plan, columns: number, gap: number): Place[] {
	const places: Place[] = [];
	let y = 0;
	for (const row of plan) {
		const whole = row.panels.reduce((sum, [, share]) => sum + share, 0);
		const room = columns - gap * (row.panels.length - 1);
		let x = 0;
		let used = 0;
		for (const [panel, share] of row.panels) {
			used += share;
			const right = Math.round((used / whole) * room) + gap * places.filter((other) => other.y === y).length;
			places.push({panel, x, y, width: right - x, height: row.height});
			x = right + gap;
		}
		y += row.height;
	}
	return places;
}

/** A plan whose heights are shares of what fixed rows leave. */
function stretch(
	rows: number,
	plan: readonly {fixed?: number; share?: number; panels: Plan[number]['panels']}[],
): Plan {
	const fixed = plan.reduce((sum, row) => sum + (row.fixed ?? 0), 0);
	const shares = plan.reduce((sum, row) => sum + (row.share ?? 0), 0);
	const free = rows - fixed;
	let used = 0;
	let taken = 0;
	return plan.map((row) => {
		if (row.fixed !== undefined) return {height: row.fixed, panels: row.panels};
		used += row.share ?? 0;
		const end = Math.round((used / shares) * free);
		const height = end - taken;
		taken = end;
		return {height, panels: row.panels};
	});
}

/** The layout for a body of this size. Four are designed: 60×16, 80×24, 120×40 and 200×60; others stretch the nearest smaller one. */
export function overviewLayout({columns, rows}: Size): OverviewLayout {
	if (columns < 78 || rows < 20) return {style: 'vitals', places: []};
	if (columns < 110 || rows < 34)
		return {
			style: 'rule',
			places: place(
				stretch(rows, [
					{
						share: 8,
						panels: [
							['hit-ratio', 1],
							['latency', 1],
						],
					},
					{fixed: 4, panels: [['modes', 1]]},
					{
						share: 6,
						panels: [
							['pool', 1],
							['wrong-reads', 1],
						],
					},
					{share: 3, panels: [['events', 1]]},
				]),
				columns,
				2,
			),
		};
	if (columns < 170 || rows < 48)
		return {
			style: 'frame',
			places: place(
				stretch(rows, [
					{
						share: 12,
						panels: [
							['hit-ratio', 1],
							['latency', 1],
						],
					},
					{fixed: 6, panels: [['modes', 1]]},
					{
						share: 9,
						panels: [
							['pool', 1],
							['events', 1],
						],
					},
					{
						share: 10,
						panels: [
							['wrong-reads', 3],
							['tiers', 4],
							['ttl', 5],
						],
					},
				]),
				columns,
				0,
			),
		};
	return {
		style: 'frame',
		places: place(
			stretch(rows, [
				{
					share: 26,
					panels: [
						['hit-ratio', 1],
						['latency', 1],
					],
				},
				{fixed: 6, panels: [['modes', 1]]},
				{
					fixed: 11,
					panels: [
						['pool', 8],
						['ttl', 6],
						['tiers', 6],
					],
				},
				{
					share: 12,
					panels: [
						['wrong-reads', 5],
						['server', 6],
						['events', 9],
					],
				},
			]),
			columns,
			0,
		),
	};
}

/** Rows of the header and the footer. */
export const chrome = {header: 2, footer: 1} as const;

/** The part of the screen between header and footer. */
export const bodySize = ({columns, rows}: Size): Size => ({
	columns,
	rows: Math.max(0, rows - chrome.header - chrome.footer),
});

/** How large help, replies and explanations may be. */
export function overlaySize(screen: Size): Size {
	const body = bodySize(screen);
	return {
		columns: Math.min(body.columns, 100),
		rows: Math.min(body.rows, Math.max(12, Math.round(body.rows * 0.85))),
	};
}

export const isTooSmall = ({columns, rows}: Size): boolean => columns < smallest.columns || rows < smallest.rows;
