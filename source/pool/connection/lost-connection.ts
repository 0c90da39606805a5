const prefix = (redactedUrl: string) => `Connection to ${redactedUrl} was lost: `;

/** The message of the error for a ready connection that was lost. */
export const lostMessage = (redactedUrl: string, why: string): string => prefix(redactedUrl) + why;

/** The reason without the text that names the connection. Other messages are returned unchanged. */
export const reasonOfLoss = (redactedUrl: string, message: string): string =>
	message.startsWith(prefix(redactedUrl)) ? message.slice(prefix(redactedUrl).length) : message;
