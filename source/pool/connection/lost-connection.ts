const prefix = (redactedUrl: string) => `Connection to ${redactedUrl} was lost: `;

/** The message of the error for a connection that was ready, and is gone. */
export const lostMessage = (redactedUrl: string, why: string): string => prefix(redactedUrl) + why;

/** The reason alone, for a place that says which connection it is. A message of another kind stays as it is. */
export const whyLost = (redactedUrl: string, message: string): string =>
	message.startsWith(prefix(redactedUrl)) ? message.slice(prefix(redactedUrl).length) : message;
