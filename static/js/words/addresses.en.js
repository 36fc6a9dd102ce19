// What is wrong with an address: the server's own words are English.
export default {};
