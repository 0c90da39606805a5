import type {ModeChange} from '../../../source/metrics/snapshot.js';

export const change = (mode: ModeChange['mode'], at: number, reason = mode as string): ModeChange => ({
	mode,
	at,
	reason,
});

export const connected = change('connected', 0);
