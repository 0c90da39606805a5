import {useEngine} from '../../hooks/use-screen.js';

/** The reason for missing figures of the application, as long as it has not sent anything. */
export const useWhyNoTraffic = (): string | undefined =>
	useEngine(({snapshot}) => {
		const application = snapshot?.application;
		if (!application) return 'starting';
		if (application.connections.opened === 0) return 'not connected yet';
		return application.commands.total === 0 ? 'no commands yet' : undefined;
	});
