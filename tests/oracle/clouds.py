"""One small first-match policy written down for clouds and appliances: AWS security groups and network ACLs, Naver
Cloud ACG and network ACLs, a CSV export, a list of networks; and for the kernel, which tells what is true."""

import json

from case import Form

WEB = (80, 443)


class Policy:
    """Terms in order, the first that matches decides; nothing matches: refused."""

    def __init__(self, rng, space, only_allow):
        self.terms = []
        for _ in range(rng.randint(2, 7)):
            allow = only_allow or rng.random() < 0.65
            networks = [space.network() for _ in range(rng.randint(1, 3))]
            ports = rng.choice([(80,), (443,), WEB, WEB])
            self.terms.append((allow, networks, ports))
        self.only_allow = only_allow
        self.family = space.family

    def lines(self):
        """Each allow or deny of one network to one port, in order."""
        return [
            (allow, str(network), port)
            for allow, networks, ports in self.terms
            for network in networks
            for port in ports
        ]

    def restore(self):
        """For the kernel."""
        rules = [
            f"-A INPUT -s {network} -p tcp -m tcp --dport {port} -j {'ACCEPT' if allow else 'DROP'}"
            for allow, network, port in self.lines()
        ]
        return (
            "\n".join(
                [
                    "*filter",
                    ":INPUT DROP [0:0]",
                    ":FORWARD DROP [0:0]",
                    ":OUTPUT ACCEPT [0:0]",
                    "-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT",
                    *rules,
                    "COMMIT",
                ]
            )
            + "\n"
        )

    def forms(self):
        """All that can say this policy."""
        forms = [
            Form("aws-nacl", [("network-acls.json", self.aws_network_acl())], "aws-network-acl", fix=False),
            Form("csv", [("policy.csv", self.csv())], "csv"),
        ]
        if self.family == 4:
            forms.append(Form("naver-nacl", [("network-acl.json", self.naver_network_acl())], "naver-network-acl"))
        if self.only_allow:
            forms.append(Form("aws-sg", [("groups.json", self.aws_security_group())], None))
            if self.family == 4:
                forms.append(Form("naver-acg", [("acg.json", self.naver_acg())], None))
            if all(ports == WEB for _allow, _networks, ports in self.terms):
                forms.append(
                    Form(
                        "cidr-list",
                        [("list.txt", "".join(f"{network}\n" for _allow, network, _port in self.lines()))],
                        "cidr-list",
                    )
                )
        return forms

    def aws_security_group(self):
        """`aws ec2 describe-security-groups`."""
        v6 = self.family == 6
        permissions = []
        for _allow, networks, ports in self.terms:
            for port in ports:
                ranges = [
                    {"CidrIpv6" if v6 else "CidrIp": str(network), "Description": "kakao"} for network in networks
                ]
                permissions.append(
                    {
                        "IpProtocol": "tcp",
                        "FromPort": port,
                        "ToPort": port,
                        "IpRanges": [] if v6 else ranges,
                        "Ipv6Ranges": ranges if v6 else [],
                        "PrefixListIds": [],
                        "UserIdGroupPairs": [],
                    }
                )
        everything = {
            "IpProtocol": "-1",
            "IpRanges": [{"CidrIp": "0.0.0.0/0"}],
            "Ipv6Ranges": [{"CidrIpv6": "::/0"}],
            "PrefixListIds": [],
            "UserIdGroupPairs": [],
        }
        return json.dumps(
            {
                "SecurityGroups": [
                    {
                        "GroupId": "sg-0aaa",
                        "GroupName": "web",
                        "VpcId": "vpc-1",
                        "IpPermissions": permissions,
                        "IpPermissionsEgress": [everything],
                    }
                ]
            },
            indent=4,
        )

    def aws_network_acl(self):
        """`aws ec2 describe-network-acls`, the entries not in order."""
        key = "Ipv6CidrBlock" if self.family == 6 else "CidrBlock"
        any_network = "::/0" if self.family == 6 else "0.0.0.0/0"
        entries = [
            {
                key: any_network,
                "Egress": True,
                "Protocol": "6",
                "PortRange": {"From": 1024, "To": 65535},
                "RuleAction": "allow",
                "RuleNumber": 100,
            }
        ]
        for egress in (True, False):
            for block, network in (("CidrBlock", "0.0.0.0/0"), ("Ipv6CidrBlock", "::/0")):
                entries.append(
                    {
                        block: network,
                        "Egress": egress,
                        "Protocol": "-1",
                        "RuleAction": "deny",
                        "RuleNumber": 32767 if block == "CidrBlock" else 32768,
                    }
                )
        for index, (allow, network, port) in enumerate(self.lines()):
            entries.append(
                {
                    key: network,
                    "Egress": False,
                    "Protocol": "6",
                    "PortRange": {"From": port, "To": port},
                    "RuleAction": "allow" if allow else "deny",
                    "RuleNumber": 10 * (index + 1),
                }
            )
        entries.sort(key=lambda entry: (entry["RuleNumber"] % 7, entry["RuleNumber"]))
        return json.dumps(
            {
                "NetworkAcls": [
                    {
                        "NetworkAclId": "acl-1",
                        "VpcId": "vpc-1",
                        "IsDefault": False,
                        "Associations": [{"NetworkAclId": "acl-1", "SubnetId": "subnet-1"}],
                        "Entries": entries,
                    }
                ]
            },
            indent=4,
        )

    def naver_acg(self):
        """`getAccessControlGroupRuleList`."""
        rules = [
            {
                "protocolType": {"code": "TCP", "codeName": "tcp", "number": 6},
                "ipBlock": network,
                "accessControlGroupSequence": "",
                "portRange": str(port),
                "accessControlGroupRuleType": {"code": "INBND", "codeName": "Inbound"},
            }
            for _allow, network, port in self.lines()
        ]
        return json.dumps(
            {"getAccessControlGroupRuleListResponse": {"totalRows": len(rules), "accessControlGroupRuleList": rules}},
            indent=2,
            ensure_ascii=False,
        )

    def naver_network_acl(self):
        """`getNetworkAclRuleList`: what no rule names is allowed there, so the last rule refuses."""
        kind = {"code": "INBND", "codeName": "Inbound"}
        protocol = {"code": "TCP", "codeName": "TCP", "number": 6}
        rules = [
            {
                "priority": index,
                "protocolType": protocol,
                "portRange": str(port),
                "ruleAction": {"code": "ALLOW" if allow else "DROP"},
                "ipBlock": network,
                "networkAclRuleType": kind,
            }
            for index, (allow, network, port) in enumerate(self.lines())
        ]
        rules.append(
            {
                "priority": 199,
                "protocolType": protocol,
                "portRange": "1-65535",
                "ruleAction": {"code": "DROP"},
                "ipBlock": "0.0.0.0/0",
                "networkAclRuleType": kind,
            }
        )
        rules.reverse()
        return json.dumps(
            {"getNetworkAclRuleListResponse": {"totalRows": len(rules), "networkAclRuleList": rules}}, indent=2
        )

    def csv(self):
        """An appliance's export."""
        rows = [
            f"{index},사용,{network},any,{port},TCP,{'허용' if allow else '차단'}"
            for index, (allow, network, port) in enumerate(self.lines(), 1)
        ]
        return (
            "\n".join(
                ["순번,사용,출발지,목적지,서비스,프로토콜,동작", *rows, f"{len(rows) + 1},사용,any,any,any,TCP,차단"]
            )
            + "\n"
        )
