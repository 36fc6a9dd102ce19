//! Dumps that the tests of the command line and of the HTTP API share: an iptables that refuses a part, a security group that
//! does not, and the list they are asked about.

/// Ranges: one that gets in to both, one that does not.
pub const RANGES: &str = "# asked about\n27.0.236.0/22\n211.231.99.0/24\n";

/// Refuses 27.0.238.0/24 at line 5, lets the rest of `RANGES` in to 443 at lines 6 and 7, and refuses 80 by its policy.
pub const PARTLY: &str = "*filter\n:INPUT DROP [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n\
    -A INPUT -s 27.0.238.0/24 -p tcp -m comment --comment \"SECRET-MARKER\" -j DROP\n\
    -A INPUT -s 27.0.236.0/22 -p tcp --dport 443 -j ACCEPT\n-A INPUT -s 211.231.99.0/24 -p tcp --dport 443 -j ACCEPT\nCOMMIT\n";

/// The line of `PARTLY` that refuses.
pub const REFUSING: &str = "-A INPUT -s 27.0.238.0/24 -p tcp -m comment --comment \"SECRET-MARKER\" -j DROP";

/// Lets everybody in to 443.
pub const OPEN: &str = "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\nCOMMIT\n";

/// Whether it lets anybody in depends on a country, at line 4.
pub const UNKNOWN: &str =
    "*filter\n:INPUT ACCEPT [0:0]\n:OUTPUT ACCEPT [0:0]\n-A INPUT -m geoip ! --source-country KR -j DROP\nCOMMIT\n";

/// A security group that lets all of `RANGES` in to 443, over several lines.
pub const GROUP: &str = r#"{"SecurityGroups":[{"GroupId":"sg-1","IpPermissions":[
  {"IpProtocol":"tcp","FromPort":443,"ToPort":443,
   "IpRanges":[{"CidrIp":"0.0.0.0/0"}],"Ipv6Ranges":[]}],
  "IpPermissionsEgress":[]}]}
"#;

/// A security group that is cut off in line 2.
pub const BROKEN_GROUP: &str = "{\"SecurityGroups\":[\n  {\"GroupId\":";
