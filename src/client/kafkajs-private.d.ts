/** kafkajs has types for its public API only; these are the private modules that cluster/kafkajs-connection.ts uses. */
declare module 'kafkajs/src/network/connection.js' {
  const Connection: new (options: object) => unknown;
  export default Connection;
}
declare module 'kafkajs/src/network/requestQueue/index.js' {
  interface Queue {
    readonly pending: readonly unknown[];
    readonly throttledUntil: number;
    scheduleCheckPendingRequests(): void;
  }
  const RequestQueue: { readonly prototype: Queue };
  export default RequestQueue;
}
declare module 'kafkajs/src/protocol/requests/saslAuthenticate/index.js' {
  const definition: { readonly versions: readonly string[]; protocol(of: { version: number }): unknown };
  export default definition;
}
declare module 'kafkajs/src/protocol/requests/saslHandshake/index.js' {
  const definition: { readonly versions: readonly string[]; protocol(of: { version: number }): unknown };
  export default definition;
}
