// SPDX-License-Identifier: GPL-2.0-only
/*
 * /dev/tongbu: one process at a time reads the chain. It maps the ring, is woken when
 * there is something in it, and writes the number of what is durable, which is then
 * released. Who may is the device node's affair; a reader that dies leaves nothing
 * behind, and the next one begins where the last acknowledged.
 *
 * While the device is open or mapped the module cannot be unloaded.
 */
#include "reader.h"

#include <linux/cred.h>
#include <linux/fs.h>
#include <linux/irq_work.h>
#include <linux/miscdevice.h>
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/pid.h>
#include <linux/poll.h>
#include <linux/sched.h>
#include <linux/uaccess.h>
#include <linux/vmalloc.h>
#include <linux/wait.h>
#include <net/genetlink.h>
#include <linux/tongbu.h>

#include "chain.h"
#include "compat.h"
#include "due.h"
#include "family.h"
#include "output.h"
#include "trace.h"

/**
 * struct owner - who has the device open
 * @lock: guards all below
 * @process: it, or NULL
 * @pid: its number
 * @uid: its user
 * @comm: its name
 * @noted: that it came is on record
 */
static struct owner {
	struct mutex lock;	/* see above */
	struct pid *process;
	u32 pid;
	u32 uid;
	char comm[TASK_COMM_LEN];
	bool noted;
} owner = {
	.lock = __MUTEX_INITIALIZER(owner.lock),
};

static DECLARE_WAIT_QUEUE_HEAD(waiting);

/* Not where the record is sealed: on PREEMPT_RT the queue's lock sleeps. */
static void wake_reader(struct irq_work *work)
{
	wake_up_interruptible_poll(&waiting, EPOLLIN | EPOLLRDNORM);
}

static DEFINE_IRQ_WORK(wake_work, wake_reader);

/**
 * tb_reader_wake() - there is something to read
 *
 * Context: any, hard interrupts included; does not sleep.
 */
void tb_reader_wake(void)
{
	irq_work_queue(&wake_work);
}

/**
 * tb_reader_attached() - has anybody the device open?
 *
 * Context: any; a glance, no lock.
 * Return: true if so.
 */
bool tb_reader_attached(void)
{
	return READ_ONCE(owner.process);
}

/**
 * tb_reader_put_owner() - tell who has the device open
 * @skb: the message to tell it in; nothing is added if nobody has
 *
 * Context: process, sleeps.
 * Return: 0 or -EMSGSIZE.
 */
int tb_reader_put_owner(struct sk_buff *skb)
{
	int err = 0;

	mutex_lock(&owner.lock);
	if (owner.process &&
	    (nla_put_u32(skb, TONGBU_A_INFO_OWNER_PID, owner.pid) ||
	     nla_put_u32(skb, TONGBU_A_INFO_OWNER_UID, owner.uid) ||
	     nla_put_string(skb, TONGBU_A_INFO_OWNER_COMM, owner.comm)))
		err = -EMSGSIZE;
	mutex_unlock(&owner.lock);
	return err;
}

static void note_reader(u16 kind)
{
	struct tb_chain_state state;
	struct tongbu_reader body = { };

	lockdep_assert_held(&owner.lock);
	tb_chain_state(&state);
	body.acked = cpu_to_le64(state.acked);
	memcpy(body.comm, owner.comm, sizeof(body.comm));
	BUILD_BUG_ON(sizeof(body.comm) != sizeof(owner.comm));
	tb_chain_note(kind, &body, sizeof(body), owner.uid, owner.pid);
}

static void note_attach(void)
{
	lockdep_assert_held(&owner.lock);
	if (!owner.process || owner.noted || !tb_chain_begun())
		return;
	owner.noted = true;
	note_reader(TONGBU_KIND_ATTACH);
	tb_output_owner(true);
}

/**
 * tb_reader_chain_begun() - a chain was started: who had the device open reads it
 *
 * Context: process, sleeps.
 */
void tb_reader_chain_begun(void)
{
	mutex_lock(&owner.lock);
	note_attach();
	mutex_unlock(&owner.lock);
}

/**
 * tb_reader_is_caller() - is it who has the device open that asks?
 *
 * Context: process; a glance, no lock: it is asked under the lock of sources.
 * Return: true if so.
 */
bool tb_reader_is_caller(void)
{
	return READ_ONCE(owner.process) == task_tgid(current);
}

/**
 * tb_reader_require_owner() - insist that the caller has the device open
 * @info: the request
 *
 * Context: process, sleeps.
 * Return: 0; -ENOTCONN if nobody has, -EBUSY if somebody else, after tb_refuse().
 */
int tb_reader_require_owner(const struct genl_info *info)
{
	int err = 0;

	mutex_lock(&owner.lock);
	if (!owner.process)
		err = tb_refuse(info->extack, NULL, -ENOTCONN,
				"this is for the process that has /dev/tongbu open: open it first");
	else if (owner.process != task_tgid(current))
		err = tb_refuse(info->extack, NULL, -EBUSY,
				"%s (pid %u) has /dev/tongbu open: this is for that one alone",
				owner.comm, owner.pid);
	mutex_unlock(&owner.lock);
	return err;
}

static int reader_open(struct inode *inode, struct file *file)
{
	struct tb_chain_state state;
	int err = 0;

	tb_chain_state(&state);
	if (state.ended && state.acked == state.head)
		return -ENODATA;
	mutex_lock(&owner.lock);
	if (owner.process) {
		err = -EBUSY;
	} else {
		WRITE_ONCE(owner.process, get_pid(task_tgid(current)));
		owner.pid = tb_caller_pid();
		owner.uid = tb_caller_uid();
		get_task_comm(owner.comm, current);
		owner.noted = false;
		note_attach();
	}
	mutex_unlock(&owner.lock);
	return err ?: nonseekable_open(inode, file);
}

static int reader_release(struct inode *inode, struct file *file)
{
	mutex_lock(&owner.lock);
	if (owner.noted) {
		note_reader(TONGBU_KIND_DETACH);
		tb_output_owner(false);
	}
	put_pid(owner.process);
	WRITE_ONCE(owner.process, NULL);
	mutex_unlock(&owner.lock);
	return 0;
}

/* For looking only: what is in the ring is sealed. A child of the reader does not have it. */
static int reader_mmap(struct file *file, struct vm_area_struct *vma)
{
	if (vma->vm_flags & (VM_WRITE | VM_EXEC))
		return -EPERM;
	vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);
	vm_flags_set(vma, VM_DONTCOPY);
	return remap_vmalloc_range(vma, tb_chain_shared(), vma->vm_pgoff);
}

static __poll_t reader_poll(struct file *file, struct poll_table_struct *wait)
{
	poll_wait(file, &waiting, wait);
	return tb_chain_arm_wake() ? 0 : EPOLLIN | EPOLLRDNORM;
}

/* The number of the last record that is durable: those up to it are released. */
static ssize_t reader_write(struct file *file, const char __user *buf, size_t len, loff_t *pos)
{
	ssize_t ret = sizeof(u64);
	__le64 number;
	u64 seq;

	if (len != sizeof(number))
		return -EINVAL;
	if (copy_from_user(&number, buf, sizeof(number)))
		return -EFAULT;
	seq = le64_to_cpu(number);
	mutex_lock(&owner.lock);
	if (seq < tb_chain_head()) {
		trace_tongbu_ack(seq);
		tb_chain_release(seq + 1);
		tb_due_acked(seq + 1);
		tb_chain_ended();
	} else {
		ret = -ERANGE;
	}
	mutex_unlock(&owner.lock);
	return ret;
}

static const struct file_operations reader_fops = {
	.owner = THIS_MODULE,
	.open = reader_open,
	.release = reader_release,
	.mmap = reader_mmap,
	.poll = reader_poll,
	.write = reader_write,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "tongbu",
	.fops = &reader_fops,
	.mode = 0600,
};

/**
 * tb_reader_clock_state() - TONGBU_CMD_CLOCK_STATE: the reader's word on the clock
 * @skb: the request
 * @info: the request, parsed
 *
 * The kernel keeps the state adjtimex(2) tells to itself; see there.
 *
 * Context: process, sleeps.
 * Return: 0; -EINVAL without CLOCK_SYNCED; -ENOTCONN or -EBUSY if the caller is
 * not the reader.
 */
int tb_reader_clock_state(struct sk_buff *skb, struct genl_info *info)
{
	struct nlattr **attrs = info->attrs;
	int err;

	err = tb_require(info, CLOCK_SYNCED, "whether the clock is synchronised");
	if (!err)
		err = tb_reader_require_owner(info);
	if (!err)
		tb_chain_set_synced(nla_get_u8(attrs[TONGBU_A_CLOCK_SYNCED]),
				    tb_u32(attrs[TONGBU_A_CLOCK_ESTERROR], U32_MAX),
				    tb_u32(attrs[TONGBU_A_CLOCK_MAXERROR], U32_MAX),
				    tb_caller_uid(), tb_caller_pid());
	return err;
}

/**
 * tb_reader_exit() - have no reader any more
 *
 * Context: process, sleeps. Nothing is sealed.
 */
void tb_reader_exit(void)
{
	irq_work_sync(&wake_work);
}

/**
 * tb_reader_open_device() - let readers come
 *
 * Context: process, sleeps. All that they need is there.
 * Return: 0 or a negative errno.
 */
int tb_reader_open_device(void)
{
	return misc_register(&device);
}

/**
 * tb_reader_close_device() - let no reader come any more; there is none
 *
 * Context: process, sleeps.
 */
void tb_reader_close_device(void)
{
	misc_deregister(&device);
}
