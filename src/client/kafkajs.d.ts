/** kafkajs types only its public face; this is the private module that connections come from. */
declare module 'kafkajs/src/network/connection.js' {
  const Connection: new (options: object) => unknown;
  export default Connection;
}
