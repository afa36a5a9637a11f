# bash completion of pullprobe, made by `make generate` from docs/generate/pullprobe.bash.in: do not edit

# Puts the options of verb $1 into `options`, and what may follow option $2 into `way` and `choices`.
_pullprobe_look() {
	local verb option kind words
	while IFS=$'\t' read -r verb option kind words _; do
		[[ $verb == "$1" ]] || continue
		options+=("$option")
		[[ $option != "$2" ]] || way=$kind choices=$words
	done <<-'END'
check	--platform	anything	-	the platform that the image must have (this machine's)
check	--for	one	fargate lambda ecs-docker kubelet docker	judge the image for this puller (the one of the task's launch type, else fargate)
check	--full	nothing	-	fetch every layer whole and verify every digest (one byte of each)
check	--stage	one	dns tcp tls http credentials token manifest layers start	stop after this stage; the exit code is about it alone
check	--also	some	logs secretsmanager ssm kms sts ssmmessages ecs eks eks-auth ec2	further services: logs secretsmanager ssm kms sts ssmmessages ecs eks eks-auth ec2; eks=HOST adds a cluster's API server
check	--also-from	file	-	the services that this task definition's start needs; IMAGE is then its own
check	--also-calls	nothing	-	call them as the start would: read its secrets and files, make a log stream
check	--timeout	anything	-	longest wait for one answer (5)
check	--deadline	anything	-	longest run (60)
check	--region	anything	-	where the image name does not say (AWS_REGION)
check	--role-arn	anything	-	assume this role through STS and probe with its permissions
check	--resolver	anything	-	use these DNS servers (those of resolv.conf)
check	--ca-file	file	-	trust these CAs too (AWS_CA_BUNDLE, SSL_CERT_FILE)
check	--user	anything	-	of a registry other than private ECR (Docker's config.json)
check	--password-stdin	nothing	-	its password, on stdin
check	--password-file	file	-	its password, in a file
check	--proxy	anything	-	use this proxy (none by default, even if HTTPS_PROXY is set, as on Fargate)
check	--label	anything	-	the name of this report in comparisons (zone and subnet, else the host name)
check	--format	one	text json markdown junit openmetrics	what stdout gets (text)
check	--report	file	-	also write the JSON report there
check	--summary	file	-	also write the verdict and what to do there, in 4 KB (/dev/termination-log)
explain	--format	one	text json markdown junit openmetrics	what stdout gets (text)
explain	--byte	anything	-	print the ten codes of the report's verdict, and end with this one, 1 to 9
explain	--image	anything	-	what is to be pulled
explain	--role	anything	-	the role that pulls: the execution role
compare	--format	one	text json html markdown junit openmetrics	what is printed (text)
compare	--output	file	-	print there (stdout)
push	--timeout	anything	-	longest wait for one answer (5)
push	--deadline	anything	-	longest run (60)
push	--region	anything	-	where the image name does not say (AWS_REGION)
push	--role-arn	anything	-	assume this role through STS and probe with its permissions
push	--resolver	anything	-	use these DNS servers (those of resolv.conf)
push	--ca-file	file	-	trust these CAs too (AWS_CA_BUNDLE, SSL_CERT_FILE)
push	--user	anything	-	of a registry other than private ECR (Docker's config.json)
push	--password-stdin	nothing	-	its password, on stdin
push	--password-file	file	-	its password, in a file
push	--proxy	anything	-	use this proxy (none by default, even if HTTPS_PROXY is set, as on Fargate)
push	--create-repository	nothing	-	of ECR: make the repository where there is none
push	--profile	anything	-	whose credentials and Region (AWS_PROFILE)
inspect	--platform	anything	-	the platform that the image must have (this machine's)
inspect	--timeout	anything	-	longest wait for one answer (5)
inspect	--deadline	anything	-	longest run (60)
inspect	--region	anything	-	where the image name does not say (AWS_REGION)
inspect	--role-arn	anything	-	assume this role through STS and probe with its permissions
inspect	--resolver	anything	-	use these DNS servers (those of resolv.conf)
inspect	--ca-file	file	-	trust these CAs too (AWS_CA_BUNDLE, SSL_CERT_FILE)
inspect	--format	one	text json html markdown junit openmetrics	what is printed (text)
inspect	--cluster	anything	-	of the service or the task: its name or ARN ("default")
inspect	--service	anything	-	a service: its subnets, groups, role, image, and its newest stopped task
inspect	--task	anything	-	the same of one task, running or stopped
inspect	--task-definition	anything	-	the image, the role, and what a start needs besides
inspect	--image	anything	-	what is to be pulled
inspect	--container	anything	-	whose image (that of the pull that failed, else each)
inspect	--subnets	anything	-	where it is to be pulled
inspect	--vpc	anything	-	in every subnet of this VPC
inspect	--security-groups	anything	-	the task's (the VPC's default one)
inspect	--role	anything	-	the role that pulls: the execution role
inspect	--public-ip	nothing	-	tasks have a public IP (assignPublicIp=ENABLED)
inspect	--profile	anything	-	whose credentials and Region (AWS_PROFILE)
inspect	--report	file	-	join this report of check with the configuration; may be repeated
inspect	--output	anything	-	also keep a report of each subnet there, and the page
launch	--platform	anything	-	the platform that the image must have (this machine's)
launch	--timeout	anything	-	longest wait for one answer (5)
launch	--deadline	anything	-	longest run (60)
launch	--region	anything	-	where the image name does not say (AWS_REGION)
launch	--role-arn	anything	-	assume this role through STS and probe with its permissions
launch	--resolver	anything	-	use these DNS servers (those of resolv.conf)
launch	--ca-file	file	-	trust these CAs too (AWS_CA_BUNDLE, SSL_CERT_FILE)
launch	--format	one	text json html markdown junit openmetrics	what is printed (text)
launch	--cluster	anything	-	of the service or the task: its name or ARN ("default")
launch	--service	anything	-	a service: its subnets, groups, role, image, and its newest stopped task
launch	--task	anything	-	the same of one task, running or stopped
launch	--task-definition	anything	-	the image, the role, and what a start needs besides
launch	--image	anything	-	what is to be pulled
launch	--container	anything	-	whose image (that of the pull that failed, else each)
launch	--subnets	anything	-	where it is to be pulled
launch	--vpc	anything	-	in every subnet of this VPC
launch	--security-groups	anything	-	the task's (the VPC's default one)
launch	--role	anything	-	the role that pulls: the execution role
launch	--public-ip	nothing	-	tasks have a public IP (assignPublicIp=ENABLED)
launch	--profile	anything	-	whose credentials and Region (AWS_PROFILE)
launch	--output	anything	-	also keep a report of each subnet there, and the page
launch	--subjects	file	-	many subjects, a line of JSON each: {"cluster": "prod", "service": "web", "role_arn": ...}; needs --output
launch	--resume	nothing	-	of --subjects those that have no survey in the folder yet
launch	--by	one	lambda fargate	as Lambda functions, or as Fargate tasks (those where tasks have a public IP)
launch	--probe	anything	-	Fargate: an image of this program (push it to the repository pullprobe)
launch	--logs	anything	-	Fargate: take whole reports from this log group, not verdicts by exit codes
launch	--remove-repository	nothing	-	Fargate: also remove that repository, if it was made for the run
launch	--lambda-role	anything	-	the functions' role (one is made for the run, and removed)
launch	--wait	anything	-	longest run, until all functions are ready and have answered (600)
launch	--dry-run	nothing	-	print the calls that would change something, and make none of them
launch	--clean	nothing	-	remove what earlier runs left, and do nothing else
	END
}

_pullprobe_files() {
	mapfile -t COMPREPLY < <(compgen -f -- "$1")
	compopt -o filenames 2>/dev/null
}

# words separated by commas: the last one is completed
_pullprobe_some() {
	local before=
	[[ $1 != *,* ]] || before=${1%,*},
	mapfile -t COMPREPLY < <(compgen -P "$before" -W "$2" -- "${1##*,}")
}

_pullprobe() {
	local word=${COMP_WORDS[COMP_CWORD]} before=${COMP_WORDS[COMP_CWORD - 1]}
	local verb=${COMP_WORDS[1]} way=nothing choices options=()
	COMPREPLY=()
	# bash splits --option=value into three words
	if [[ $word == '=' ]]; then
		word=
	elif [[ $before == '=' ]]; then
		before=${COMP_WORDS[COMP_CWORD - 2]}
	fi
	if ((COMP_CWORD == 1)); then
		mapfile -t COMPREPLY < <(compgen -W "$_pullprobe_verbs --help --version" -- "$word")
		return
	fi
	_pullprobe_look "$verb" "$before"
	case $way in
	file) _pullprobe_files "$word" ;;
	one) mapfile -t COMPREPLY < <(compgen -W "$choices" -- "$word") ;;
	some) _pullprobe_some "$word" "$choices" ;;
	anything) ;;
	*)
		if [[ $word == -* ]]; then
			mapfile -t COMPREPLY < <(compgen -W "${options[*]} --help" -- "$word")
		elif [[ $verb != check ]]; then
			_pullprobe_files "$word"
		fi
		;;
	esac
}

_pullprobe_verbs=$(cut -f 1 <<-'END'
check	try every step of the pull from here and explain the result
explain	explain a report, an exit code, an error text
compare	show reports side by side
push	push this program as an image to a registry
inspect	read the configuration of AWS, and name the resource to change
launch	send a probe into every subnet, and name the resource to change
	END
)
complete -F _pullprobe pullprobe
