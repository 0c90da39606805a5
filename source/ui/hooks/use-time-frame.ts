import {chartWindows} from '../state/names.js';
import {type TimeFrame, timeFrameOf} from '../store/time-frame.js';
import {useEngine, useUi} from './use-screen.js';
import {hasSameFields} from './use-selector.js';

/** The time that all charts show. The same object until a second is complete or an outage starts or ends. */
export function useTimeFrame(): TimeFrame {
	const {seconds} = chartWindows[useUi(({window}) => window)];
	return useEngine((state) => timeFrameOf(state, seconds), hasSameFields);
}
