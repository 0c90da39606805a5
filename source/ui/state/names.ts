/** The views, in the order of the digits that open them. */
export const viewNames = ['overview', 'keys', 'pool', 'server', 'faults', 'log', 'findings'] as const;
export type ViewName = (typeof viewNames)[number];

export const viewTitles: Readonly<Record<ViewName, string>> = {
	overview: 'Overview',
	keys: 'Keys',
	pool: 'Pool',
	server: 'Server',
	faults: 'Faults',
	log: 'Log',
	findings: 'Findings',
};

/** The time that charts show. */
export const windowNames = ['1m', '15m', '2h'] as const;
export type WindowName = (typeof windowNames)[number];

export const chartWindows: Readonly<Record<WindowName, {readonly seconds: number; readonly label: string}>> = {
	'1m': {seconds: 60, label: '1 min'},
	'15m': {seconds: 900, label: '15 min'},
	'2h': {seconds: 7200, label: '2 h'},
};
